"""Stand-ins for X, LINE, the Graph API and YouTube: real HTTP servers on loopback.

Each is one model behind two doors, in process and over HTTP. They check what the real ones check, and
misbehave on order. `platforms.sandbox.app` serves them; nothing in the product imports them.
"""
