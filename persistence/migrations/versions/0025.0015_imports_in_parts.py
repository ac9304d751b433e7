"""imports that are sent in parts, and a mark on journal entries

The mark has a constant default, so that no row is rewritten.
"""
from alembic import op
import sqlalchemy as sa
revision = '0025.0015'
down_revision = '0024.0015'


def upgrade() -> None:
    op.add_column('messages', sa.Column('written_by_hand', sa.Boolean(), server_default=sa.text('false'), nullable=False))
    op.create_table('chat_imports',
        sa.Column('user_id', sa.Uuid(), nullable=False),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
        sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('result', sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_chat_imports_user_id_users'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('user_id', 'id', name=op.f('pk_chat_imports')),
    )
    op.create_index('ix_chat_imports_expires_at', 'chat_imports', ['expires_at'], unique=False)
    op.create_table('chat_import_parts',
        sa.Column('user_id', sa.Uuid(), nullable=False),
        sa.Column('import_id', sa.Uuid(), nullable=False),
        sa.Column('position', sa.Integer(), nullable=False),
        sa.Column('content', sa.Text(), nullable=False),
        sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
        sa.CheckConstraint('position >= 0', name=op.f('ck_chat_import_parts_position')),
        sa.ForeignKeyConstraint(['user_id', 'import_id'], ['chat_imports.user_id', 'chat_imports.id'],
            name=op.f('fk_chat_import_parts_user_id_chat_imports'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('user_id', 'import_id', 'position', name=op.f('pk_chat_import_parts')),
    )


def downgrade() -> None:
    op.drop_table('chat_import_parts')
    op.drop_index('ix_chat_imports_expires_at', table_name='chat_imports')
    op.drop_table('chat_imports')
    op.drop_column('messages', 'written_by_hand')
