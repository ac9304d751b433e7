"""versions of a user's companion, and the version that an answer's prompt had

The new column is nullable without a default, so that no row is rewritten: older code works on it, and answers without a companion.
"""
from alembic import op
import sqlalchemy as sa
revision = '0035.0015'
down_revision = '0034.0015'


def upgrade() -> None:
    op.create_table('companion_versions',
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('name', sa.Text(), nullable=True),
    sa.Column('tone', sa.Enum('WARM', 'CALM', 'LIVELY', 'MATTER_OF_FACT', name='tone', native_enum=False, create_constraint=True, length=32), nullable=True),
    sa.Column('form_of_address', sa.Text(), nullable=True),
    sa.Column('language', sa.Text(), nullable=True),
    sa.Column('instructions', sa.Text(), nullable=True),
    sa.Column('preset', sa.Enum('CALM_LISTENER', 'LIVELY_FRIEND', 'PLAIN_ASSISTANT', name='preset', native_enum=False, create_constraint=True, length=32),
        nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint('version > 0', name=op.f('ck_companion_versions_version')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_companion_versions_user_id_users'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('user_id', 'version', name=op.f('pk_companion_versions'))
    )
    op.add_column('messages', sa.Column('companion_version', sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column('messages', 'companion_version')
    op.drop_table('companion_versions')
