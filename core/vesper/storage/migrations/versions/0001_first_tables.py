"""The first tables: this device, scheduled items, firings, turns, spoken words."""

from typing import Any

import sqlalchemy as sa
from alembic import op  # noqa: TID253 (Alembic loads this file itself, nobody else imports it)

revision = "0001"
down_revision = None


def _synced(*columns: sa.Column[Any]) -> list[sa.Column[Any]]:
    return [
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("stamp", sa.Integer, nullable=False),
        sa.Column("device", sa.String, nullable=False),
        sa.Column("field_stamps", sa.JSON, nullable=False),
        sa.Column("deleted_stamp", sa.Integer),
        *columns,
    ]


def upgrade() -> None:
    """Create them."""
    op.create_table(
        "this_device",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("created_ms", sa.Integer, nullable=False),
        sa.Column("last_stamp", sa.Integer, nullable=False),
    )
    op.create_table(
        "scheduled_items",
        *_synced(
            sa.Column("kind", sa.String, nullable=False),
            sa.Column("name", sa.String, nullable=False),
            sa.Column("state", sa.String, nullable=False),
            sa.Column("rule", sa.String),
            sa.Column("zone", sa.String),
            sa.Column("created_ms", sa.Integer, nullable=False),
            sa.Column("due_ms", sa.Integer),
            sa.Column("duration_ms", sa.Integer),
            sa.Column("left_ms", sa.Integer),
            sa.Column("armed", sa.Integer, nullable=False),
            sa.Column("due_boot_ms", sa.Integer),
            sa.Column("boot_id", sa.String, nullable=False),
        ),
    )
    op.create_table(
        "firings",
        *_synced(
            sa.Column("item_id", sa.String, nullable=False),
            sa.Column("due_ms", sa.Integer, nullable=False),
            sa.Column("outcome", sa.String, nullable=False),
        ),
    )
    op.create_table(
        "turns",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("id", sa.String, nullable=False),
        sa.Column("trace", sa.JSON, nullable=False),
    )
    op.create_table(
        "spoken_words",
        *_synced(
            sa.Column("turn_id", sa.String, nullable=False),
            sa.Column("at_ms", sa.Integer, nullable=False),
            sa.Column("said", sa.String, nullable=False),
            sa.Column("answered", sa.String, nullable=False),
        ),
    )
    for table in ("scheduled_items", "firings", "spoken_words"):
        op.create_index(f"ix_{table}_deleted_stamp", table, ["deleted_stamp"])
    op.create_index("ix_scheduled_items_kind", "scheduled_items", ["kind"])
    op.create_index("ix_firings_item_id", "firings", ["item_id"])
    op.create_index("ix_turns_id", "turns", ["id"])
    op.create_index("ix_spoken_words_turn_id", "spoken_words", ["turn_id"])
