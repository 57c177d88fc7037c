"""The only room that knows SQLAlchemy: tables, transactions, and one small repository for each table or two."""
