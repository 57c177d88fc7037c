"""The ledger's questions to people."""
