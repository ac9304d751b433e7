"""personal access tokens with the log of their uses, and the name of the token that suggested a value

The new column is nullable without a default, so that no row is rewritten: older code works on it.
"""
from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
revision = '0039.0015'
down_revision = '0038.0015'

TOOLS = ('PROFILE', 'DIARY_DAYS', 'DIARY_DAY', 'SEARCH', 'SUGGEST_VALUE')


def upgrade() -> None:
    op.create_table('api_tokens',
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('token_hash', sa.LargeBinary(), nullable=False),
    sa.Column('hint', sa.Text(), nullable=False),
    sa.Column('scopes', postgresql.ARRAY(sa.Text()), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_used_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_api_tokens_user_id_users'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('user_id', 'id', name=op.f('pk_api_tokens'))
    )
    op.create_index('uq_api_tokens_hash', 'api_tokens', ['user_id', 'token_hash'], unique=True)
    op.create_table('api_token_uses',
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('token_id', sa.Uuid(), nullable=False),
    sa.Column('token_name', sa.Text(), nullable=False),
    sa.Column('tool', sa.Enum(*TOOLS, name='apitool', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('outcome', sa.Enum('DONE', 'REFUSED', name='apiuseoutcome', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('sections', postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
    sa.Column('first_day', sa.Date(), nullable=True),
    sa.Column('last_day', sa.Date(), nullable=True),
    sa.Column('results', sa.Integer(), server_default=sa.text('0'), nullable=False),
    sa.Column('quotes', sa.Integer(), server_default=sa.text('0'), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint('least(results, quotes) >= 0', name=op.f('ck_api_token_uses_counted')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_api_token_uses_user_id_users'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('user_id', 'id', name=op.f('pk_api_token_uses'))
    )
    op.create_index('ix_api_token_uses_created_at', 'api_token_uses', ['created_at'])
    op.add_column('imported_values', sa.Column('suggested_by', sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column('imported_values', 'suggested_by')
    op.drop_index('ix_api_token_uses_created_at', table_name='api_token_uses')
    op.drop_table('api_token_uses')
    op.drop_index('uq_api_tokens_hash', table_name='api_tokens')
    op.drop_table('api_tokens')
