"""branches of conversations, and answers beside each other

The columns have constant defaults or are null, so that no row is rewritten: what is stored is one path. The foreign key is validated apart, so that the
table stays open to writes.
"""
from alembic import op
import sqlalchemy as sa
revision = '0034.0015'
down_revision = '0033.0015'


def upgrade() -> None:
    op.create_table('conversation_branches',
        sa.Column('user_id', sa.Uuid(), nullable=False),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('conversation_id', sa.Uuid(), nullable=False),
        sa.Column('parent_id', sa.Uuid(), nullable=True),
        sa.Column('begins_at', sa.Uuid(), nullable=False),
        sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
        sa.ForeignKeyConstraint(['user_id', 'conversation_id'], ['conversations.user_id', 'conversations.id'],
            name=op.f('fk_conversation_branches_user_id_conversations'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['user_id', 'parent_id'], ['conversation_branches.user_id', 'conversation_branches.id'],
            name=op.f('fk_conversation_branches_user_id_conversation_branches'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('user_id', 'id', name=op.f('pk_conversation_branches')),
    )
    op.create_index('ix_conversation_branches_conversation', 'conversation_branches', ['user_id', 'conversation_id'], unique=False)
    op.create_index('ix_conversation_branches_parent', 'conversation_branches', ['user_id', 'parent_id'], unique=False)
    op.add_column('conversations', sa.Column('current_branch_id', sa.Uuid(), nullable=True))
    op.add_column('messages', sa.Column('branch_id', sa.Uuid(), nullable=True))
    op.add_column('messages', sa.Column('chosen', sa.Boolean(), server_default=sa.text('true'), nullable=False))
    op.add_column('messages', sa.Column('off_path', sa.Boolean(), server_default=sa.text('false'), nullable=False))
    op.execute('ALTER TABLE messages ADD CONSTRAINT fk_messages_user_id_conversation_branches FOREIGN KEY (user_id, branch_id) '
               'REFERENCES conversation_branches (user_id, id) ON DELETE CASCADE NOT VALID')
    op.execute('ALTER TABLE messages VALIDATE CONSTRAINT fk_messages_user_id_conversation_branches')
    op.create_index('ix_messages_branch', 'messages', ['user_id', 'branch_id', 'id'], unique=False, postgresql_where=sa.text('branch_id is not null'))


def downgrade() -> None:
    op.drop_index('ix_messages_branch', table_name='messages', postgresql_where=sa.text('branch_id is not null'))
    op.drop_constraint('fk_messages_user_id_conversation_branches', 'messages', type_='foreignkey')
    op.drop_column('messages', 'off_path')
    op.drop_column('messages', 'chosen')
    op.drop_column('messages', 'branch_id')
    op.drop_column('conversations', 'current_branch_id')
    op.drop_table('conversation_branches')
