"""Alembic's entry: one connection, handed over by dev/migrate.py, inside one transaction.

The function never imports this: it runs what `sql` holds, which dev/migrate_render.py writes.
"""
from alembic import context

from persistence.models import Model

context.configure(
    connection=context.config.attributes["connection"], target_metadata=Model.metadata, compare_type=True, compare_server_default=True,
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
