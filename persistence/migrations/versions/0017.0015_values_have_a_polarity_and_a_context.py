"""values have a polarity and a context; a signal's quote keeps what its statement says of both

Columns are added that may be null or have a default: older code works on these tables, and no row is read or written.
"""
from alembic import op
import sqlalchemy as sa
revision = '0017.0015'
down_revision = '0016.0015'

POLARITIES = ('IS', 'LIKES', 'DISLIKES', 'IS_NOT')
RELATIONS = ('LIKES', 'DISLIKES', 'IS_NOT', 'ENDED', 'CORRECTED')
CONTEXT = ('since', 'until', 'condition')


def upgrade() -> None:
    op.add_column('signal_evidence', sa.Column('relation', _enum(RELATIONS, 'statementrelation'), nullable=True))
    op.add_column('profile_values', sa.Column('polarity', _enum(POLARITIES, 'valuepolarity'), server_default='IS', nullable=False))
    op.add_column('verdicts', sa.Column('polarity', _enum(POLARITIES, 'valuepolarity'), nullable=True))
    for table in ('signal_evidence', 'profile_values'):
        for name in CONTEXT:
            op.add_column(table, sa.Column(name, sa.Text(), nullable=True))


def downgrade() -> None:
    for table in ('profile_values', 'signal_evidence'):
        for name in reversed(CONTEXT):
            op.drop_column(table, name)
    op.drop_column('verdicts', 'polarity')
    op.drop_column('profile_values', 'polarity')
    op.drop_column('signal_evidence', 'relation')


def _enum(values: tuple[str, ...], name: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)
