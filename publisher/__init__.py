"""The heart: posts and approvals, accounts, the delivery ledger and its dispatcher, notices, audit, settings.

Faces (`chatops`) speak to it through `publisher.api`; `publisher.compose` builds it from settings;
`publisher.store` alone knows the database.
"""
