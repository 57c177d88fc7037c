"""Files: the three-step upload, what people attach to a form, and who may fetch the bytes."""

from __future__ import annotations

import mimetypes
import secrets
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import quote

from chatops.sandbox.errors import SlackError
from chatops.sandbox.records import FileStage, StoredFile, to_json

if TYPE_CHECKING:
    from chatops.sandbox.model import SlackWorld
    from chatops.sandbox.records import Json

_KIND = "file"


class Files:
    """All files of the workspace."""

    def __init__(self, world: SlackWorld) -> None:
        self._world = world
        self._files = {body["id"]: StoredFile(**body) for body in world.store.load(_KIND)}
        for file in self._files.values():
            file.stage = FileStage(file.stage)

    def await_upload(self, *, name: str, user_id: str, alt_text: str = "") -> StoredFile:
        """Make room for a file whose bytes will be sent to its upload address."""
        file = StoredFile(
            id=f"F{secrets.token_hex(5).upper()}",
            name=name,
            title=name,
            mimetype=mimetypes.guess_type(name)[0] or "application/octet-stream",
            user_id=user_id,
            size_bytes=0,
            created=int(self._world.now().timestamp()),
            upload_token=secrets.token_urlsafe(24),
            alt_text=alt_text,
        )
        with self._world.lock:
            self._files[file.id] = file
            self._keep(file)
        return file

    def take_bytes(self, upload_token: str, body: bytes) -> StoredFile:
        """Store what was sent to an upload address.

        Raises:
            SlackError: `file_not_found`.
        """
        with self._world.lock:
            file = next((f for f in self._files.values() if f.upload_token == upload_token), None)
            if file is None or file.stage is FileStage.COMPLETE:
                raise SlackError("file_not_found", status=404)
            self._world.store.put_blob(file.id, body)
            file.size_bytes = len(body)
            file.stage = FileStage.UPLOADED
            self._keep(file)
        return file

    def complete(self, file_id: str, *, title: str | None, channel_id: str | None) -> StoredFile:
        """Finish an upload and share it.

        Raises:
            SlackError: `file_not_found`.
        """
        with self._world.lock:
            file = self.find(file_id)
            if file.stage is FileStage.AWAITED:
                raise SlackError("file_not_found")
            file.stage = FileStage.COMPLETE
            file.title = title or file.title
            if channel_id is not None and channel_id not in file.channel_ids:
                file.channel_ids.append(channel_id)
            self._keep(file)
        return file

    def add(self, *, name: str, user_id: str, body: bytes) -> StoredFile:
        """Store a file that a person chose in a form."""
        file = self.await_upload(name=name, user_id=user_id)
        self.take_bytes(file.upload_token, body)
        return self.complete(file.id, title=None, channel_id=None)

    def find(self, file_id: str) -> StoredFile:
        """Find a file.

        Raises:
            SlackError: `file_not_found`.
        """
        file = self._files.get(file_id)
        if file is None:
            raise SlackError("file_not_found")
        return file

    def load_bytes(self, file: StoredFile) -> bytes:
        """Return a file's bytes.

        Raises:
            SlackError: `file_not_found`, where they never came.
        """
        body = self._world.store.load_blob(file.id)
        if body is None:
            raise SlackError("file_not_found", status=404)
        return body

    def upload_url(self, file: StoredFile) -> str:
        """Return where the bytes of an awaited file go."""
        return f"{self._world.base_url}/slack/files/upload/{file.upload_token}"

    def to_slack(self, file: StoredFile) -> Json:
        """Return a file as the Web API shows it."""
        world = self._world
        address = f"{world.base_url}/slack/files/private/{world.team_id}-{file.id}"
        return {
            "id": file.id,
            "created": file.created,
            "timestamp": file.created,
            "name": file.name,
            "title": file.title,
            "mimetype": file.mimetype,
            "filetype": filetype(file.name),
            "pretty_type": filetype(file.name).upper(),
            "user": file.user_id,
            "user_team": world.team_id,
            "editable": False,
            "size": file.size_bytes,
            "mode": "hosted",
            "is_external": False,
            "external_type": "",
            "is_public": bool(file.channel_ids),
            "public_url_shared": False,
            "display_as_bot": False,
            "username": "",
            "url_private": f"{address}/{quote(file.name)}",
            "url_private_download": f"{address}/download/{quote(file.name)}",
            "permalink": f"{address}/{quote(file.name)}",
            "channels": file.channel_ids,
            "groups": [],
            "ims": [],
            "has_rich_preview": False,
            "file_access": "visible",
            "alt_txt": file.alt_text,
        }

    def _keep(self, file: StoredFile) -> None:
        self._world.store.put(_KIND, file.id, to_json(file))
        self._world.changed()


def filetype(name: str) -> str:
    """Return Slack's word for a file's type: the ending of its name, `jpg` for both spellings."""
    ending = PurePosixPath(name).suffix.lower().lstrip(".")
    return {"jpeg": "jpg", "": "binary"}.get(ending, ending)
