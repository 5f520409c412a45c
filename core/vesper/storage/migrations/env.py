"""Alembic's entry: runs the migrations on the connection that `storage/migration.py` hands in."""

from alembic import context  # noqa: TID253 (Alembic loads this file itself, nobody else imports it)

context.configure(connection=context.config.attributes["connection"], transactional_ddl=False)
context.run_migrations()
