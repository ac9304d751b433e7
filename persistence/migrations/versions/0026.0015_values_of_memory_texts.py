"""values that memory texts of other products suggest, with their sentences, and hashes of the lines that were imported

The texts have no statistics, as in 0023. Calls that read memory texts are counted under a purpose of their own.
"""
from alembic import op
import sqlalchemy as sa
revision = '0026.0015'
down_revision = '0025.0015'

PURPOSES = ('CHAT', 'TITLE', 'SUMMARY', 'DIARY', 'WEEK')
NEW_PURPOSE = 'IMPORT'
TEXTS = {'imported_values': ('value', 'value_key', 'quote'), 'chat_import_parts': ('content', 'reading')}


def upgrade() -> None:
    op.create_table('imported_values',
        sa.Column('user_id', sa.Uuid(), nullable=False),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('slot', sa.Text(), nullable=False),
        sa.Column('value', sa.Text(), nullable=False),
        sa.Column('value_key', sa.Text(), nullable=False),
        sa.Column('polarity', _enum(('IS', 'LIKES', 'DISLIKES', 'IS_NOT'), 'valuepolarity'), server_default='IS', nullable=False),
        sa.Column('quote', sa.Text(), nullable=True),
        sa.Column('cited_start', sa.Integer(), nullable=True),
        sa.Column('cited_end', sa.Integer(), nullable=True),
        sa.Column('noted_on', sa.Date(), nullable=True),
        sa.Column('day', sa.Date(), nullable=False),
        sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
        sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_imported_values_user_id_users'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('user_id', 'id', name=op.f('pk_imported_values')),
    )
    op.create_index('uq_imported_values_value', 'imported_values', ['user_id', 'slot', 'value_key'], unique=True)
    op.create_table('imported_lines',
        sa.Column('user_id', sa.Uuid(), nullable=False),
        sa.Column('digest', sa.LargeBinary(), nullable=False),
        sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
        sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_imported_lines_user_id_users'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('user_id', 'digest', name=op.f('pk_imported_lines')),
    )
    op.add_column('chat_import_parts', sa.Column('kind', _enum(('CHATS', 'MEMORY'), 'importkind'), server_default='CHATS', nullable=False))
    op.add_column('chat_import_parts', sa.Column('reading', sa.Text(), nullable=True))
    for table, columns in TEXTS.items():
        op.execute(f"ALTER TABLE {table} {', '.join(f'ALTER COLUMN {name} SET STATISTICS 0' for name in columns)}")
    _allow_purposes((*PURPOSES, NEW_PURPOSE))


def downgrade() -> None:
    for table in ('usage_costs', 'usage'):
        op.execute(f"DELETE FROM {table} WHERE purpose = '{NEW_PURPOSE}'")
    _allow_purposes(PURPOSES)
    op.execute('ALTER TABLE chat_import_parts ALTER COLUMN content SET STATISTICS -1')
    op.drop_column('chat_import_parts', 'reading')
    op.drop_column('chat_import_parts', 'kind')
    op.drop_table('imported_lines')
    op.drop_index('uq_imported_values_value', table_name='imported_values')
    op.drop_table('imported_values')


def _allow_purposes(purposes: tuple[str, ...]) -> None:
    named = ', '.join(f"'{purpose}'" for purpose in purposes)
    for table in ('usage', 'usage_costs'):
        op.execute(f"ALTER TABLE {table} DROP CONSTRAINT ck_{table}_purpose, ADD CONSTRAINT ck_{table}_purpose CHECK (purpose IN ({named}))")


def _enum(values: tuple[str, ...], name: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)
