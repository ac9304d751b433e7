"""the first tables"""
from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
revision = '0001'
down_revision = None


def upgrade() -> None:
    op.create_table('users',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('email', sa.Text(), nullable=False),
    sa.Column('password_hash', sa.Text(), nullable=False),
    sa.Column('nickname', sa.Text(), nullable=False),
    sa.Column('time_zone', sa.Text(), nullable=False),
    sa.Column('locale', sa.Text(), nullable=False),
    sa.Column('day_ends_at', sa.Integer(), server_default=sa.text('0'), nullable=False),
    sa.Column('role', sa.Enum('USER', 'ADMIN', name='role', native_enum=False, create_constraint=True, length=32), server_default='USER', nullable=False),
    sa.Column('disabled', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint('day_ends_at between 0 and 23', name=op.f('ck_users_day_ends_at')),
    sa.CheckConstraint('email = lower(email)', name=op.f('ck_users_email_lower')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_users')),
    sa.UniqueConstraint('email', name=op.f('uq_users_email'))
    )
    op.create_table('active_days',
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('revision', sa.Integer(), server_default=sa.text('1'), nullable=False),
    sa.Column('diary_revision', sa.Integer(), server_default=sa.text('0'), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_active_days_user_id_users'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('user_id', 'day', name=op.f('pk_active_days'))
    )
    op.create_index('ix_active_days_due', 'active_days', ['ends_at'], unique=False, postgresql_where=sa.text('diary_revision < revision'))
    op.create_table('conversations',
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('title', sa.Text(), nullable=True),
    sa.Column('title_by_person', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.Column('temporary', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.Column('archived', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.Column('tags', postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
    sa.Column('summary', sa.Text(), nullable=True),
    sa.Column('summary_through', sa.Uuid(), nullable=True),
    sa.Column('forked_from', sa.Uuid(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('last_message_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_conversations_user_id_users'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('user_id', 'id', name=op.f('pk_conversations'))
    )
    op.create_index('ix_conversations_recent', 'conversations', ['user_id', 'archived', 'last_message_at', 'id'], unique=False)
    op.create_table('diaries',
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('tags', postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_diaries_user_id_users'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('user_id', 'id', name=op.f('pk_diaries')),
    sa.UniqueConstraint('user_id', 'day', name=op.f('uq_diaries_user_id_day'))
    )
    op.create_table('job_runs',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('job', sa.Enum('DAILY_DIARY', 'DAILY_PROFILE', 'WEEKLY_PROFILE', name='job', native_enum=False, create_constraint=True, length=32), nullable=True),
    sa.Column('trigger', sa.Enum('TIMER', 'ADMIN', 'CLI', name='trigger', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('requested_by', sa.Uuid(), nullable=True),
    sa.Column('period_from', sa.Date(), nullable=True),
    sa.Column('period_to', sa.Date(), nullable=True),
    sa.Column('force', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.Column('dry_run', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.Column('status', sa.Enum('RUNNING', 'SUCCEEDED', 'PARTIAL', 'FAILED', name='runstatus', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('planned', sa.Integer(), server_default=sa.text('0'), nullable=False),
    sa.Column('pending', sa.Integer(), server_default=sa.text('0'), nullable=False),
    sa.Column('stopped_because', sa.Text(), nullable=True),
    sa.Column('error_code', sa.Text(), nullable=True),
    sa.Column('started_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['requested_by'], ['users.id'], name=op.f('fk_job_runs_requested_by_users'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_job_runs'))
    )
    op.create_index('ix_job_runs_job', 'job_runs', ['job', 'id'], unique=False)
    op.create_index(op.f('ix_job_runs_requested_by'), 'job_runs', ['requested_by'], unique=False)
    op.create_index('ix_job_runs_status', 'job_runs', ['status', 'id'], unique=False)
    op.create_table('profile_aliases',
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('slot', sa.Text(), nullable=False),
    sa.Column('from_key', sa.Text(), nullable=False),
    sa.Column('into_key', sa.Text(), nullable=False),
    sa.Column('run_id', sa.Uuid(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_profile_aliases_user_id_users'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('user_id', 'slot', 'from_key', name=op.f('pk_profile_aliases'))
    )
    op.create_table('profile_changes',
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('slot', sa.Text(), nullable=False),
    sa.Column('value_key', sa.Text(), nullable=False),
    sa.Column('before', sa.Text(), nullable=True),
    sa.Column('after', sa.Text(), nullable=True),
    sa.Column('status_before', sa.Enum('ACTIVE', 'SUGGESTED', 'SUPERSEDED', 'DISPUTED', 'REJECTED', name='status_before', native_enum=False, create_constraint=True, length=32), nullable=True),
    sa.Column('status_after', sa.Enum('ACTIVE', 'SUGGESTED', 'SUPERSEDED', 'DISPUTED', 'REJECTED', name='status_after', native_enum=False, create_constraint=True, length=32), nullable=True),
    sa.Column('confidence_before', sa.Double(), nullable=True),
    sa.Column('confidence_after', sa.Double(), nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('run_id', sa.Uuid(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_profile_changes_user_id_users'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('user_id', 'id', name=op.f('pk_profile_changes'))
    )
    op.create_index('ix_profile_changes_value', 'profile_changes', ['user_id', 'slot', 'value_key', 'id'], unique=False)
    op.create_table('profile_values',
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('slot', sa.Text(), nullable=False),
    sa.Column('value', sa.Text(), nullable=False),
    sa.Column('value_key', sa.Text(), nullable=False),
    sa.Column('status', sa.Enum('ACTIVE', 'SUGGESTED', 'SUPERSEDED', 'DISPUTED', 'REJECTED', name='valuestatus', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('confidence', sa.Double(), nullable=False),
    sa.Column('locked', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.Column('origin', sa.Enum('INFERRED', 'STATED', name='valueorigin', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('first_seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('evidence', postgresql.ARRAY(sa.Uuid()), nullable=False),
    sa.CheckConstraint('confidence between 0 and 1', name=op.f('ck_profile_values_confidence')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_profile_values_user_id_users'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('user_id', 'id', name=op.f('pk_profile_values'))
    )
    op.create_index('uq_profile_values_value', 'profile_values', ['user_id', 'slot', 'value_key'], unique=True)
    op.create_table('sign_ins',
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_sign_ins_user_id_users'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('user_id', 'id', name=op.f('pk_sign_ins'))
    )
    op.create_table('usage',
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('purpose', sa.Enum('CHAT', 'TITLE', 'SUMMARY', 'DIARY', 'WEEK', name='purpose', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('calls', sa.Integer(), server_default=sa.text('0'), nullable=False),
    sa.Column('failed_calls', sa.Integer(), server_default=sa.text('0'), nullable=False),
    sa.Column('input_tokens', sa.Integer(), server_default=sa.text('0'), nullable=False),
    sa.Column('output_tokens', sa.Integer(), server_default=sa.text('0'), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_usage_user_id_users'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('user_id', 'day', 'purpose', name=op.f('pk_usage'))
    )
    op.create_index('ix_usage_day', 'usage', ['day'], unique=False)
    op.create_table('verdicts',
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.Enum('SET', 'LOCK', 'UNLOCK', 'REJECT', name='verdictkind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('slot', sa.Text(), nullable=False),
    sa.Column('value', sa.Text(), nullable=False),
    sa.Column('value_key', sa.Text(), nullable=False),
    sa.Column('evidence', postgresql.ARRAY(sa.Uuid()), server_default=sa.text("'{}'"), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_verdicts_user_id_users'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('user_id', 'id', name=op.f('pk_verdicts'))
    )
    op.create_index('ix_verdicts_value', 'verdicts', ['user_id', 'slot', 'value_key'], unique=False)
    op.create_table('diary_versions',
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('diary_id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('origin', sa.Enum('MODEL', 'FALLBACK', 'EDITED', name='origin', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('summary', sa.Text(), nullable=False),
    sa.Column('mood', sa.Integer(), nullable=True),
    sa.Column('conversation_count', sa.Integer(), nullable=False),
    sa.Column('message_count', sa.Integer(), nullable=False),
    sa.Column('tool_call_count', sa.Integer(), nullable=False),
    sa.Column('dropped_count', sa.Integer(), server_default=sa.text('0'), nullable=False),
    sa.Column('model', sa.Text(), nullable=True),
    sa.Column('prompt_version', sa.Text(), nullable=True),
    sa.Column('run_id', sa.Uuid(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint('mood between 1 and 5', name=op.f('ck_diary_versions_mood')),
    sa.ForeignKeyConstraint(['user_id', 'diary_id'], ['diaries.user_id', 'diaries.id'], name=op.f('fk_diary_versions_user_id_diary_id_diaries'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('user_id', 'diary_id', 'version', name=op.f('pk_diary_versions'))
    )
    op.create_table('job_attempts',
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('run_id', sa.Uuid(), nullable=False),
    sa.Column('job', sa.Enum('DAILY_DIARY', 'DAILY_PROFILE', 'WEEKLY_PROFILE', name='job', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('period', sa.Date(), nullable=False),
    sa.Column('attempt', sa.Integer(), nullable=False),
    sa.Column('status', sa.Enum('PENDING', 'RUNNING', 'SUCCEEDED', 'SKIPPED', 'FAILED', name='itemstatus', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('error_code', sa.Text(), nullable=True),
    sa.Column('model_calls', sa.Integer(), server_default=sa.text('0'), nullable=False),
    sa.Column('input_tokens', sa.Integer(), server_default=sa.text('0'), nullable=False),
    sa.Column('output_tokens', sa.Integer(), server_default=sa.text('0'), nullable=False),
    sa.Column('prompt_version', sa.Text(), nullable=True),
    sa.Column('started_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['run_id'], ['job_runs.id'], name=op.f('fk_job_attempts_run_id_job_runs'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_job_attempts_user_id_users'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('user_id', 'id', name=op.f('pk_job_attempts'))
    )
    op.create_index('ix_job_attempts_run', 'job_attempts', ['run_id', 'user_id', 'period'], unique=False)
    op.create_table('job_items',
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('job', sa.Enum('DAILY_DIARY', 'DAILY_PROFILE', 'WEEKLY_PROFILE', name='job', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('period', sa.Date(), nullable=False),
    sa.Column('status', sa.Enum('PENDING', 'RUNNING', 'SUCCEEDED', 'SKIPPED', 'FAILED', name='itemstatus', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('attempts', sa.Integer(), server_default=sa.text('0'), nullable=False),
    sa.Column('lease_token', sa.Uuid(), nullable=True),
    sa.Column('lease_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('run_id', sa.Uuid(), nullable=True),
    sa.Column('error_code', sa.Text(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['run_id'], ['job_runs.id'], name=op.f('fk_job_items_run_id_job_runs'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_job_items_user_id_users'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('user_id', 'job', 'period', name=op.f('pk_job_items'))
    )
    op.create_index('ix_job_items_expired', 'job_items', ['job', 'lease_until'], unique=False, postgresql_where=sa.text("status = 'RUNNING'"))
    op.create_index('ix_job_items_ready', 'job_items', ['job', 'due_at'], unique=False, postgresql_where=sa.text("status = 'PENDING'"))
    op.create_index('ix_job_items_run', 'job_items', ['run_id'], unique=False)
    op.create_table('messages',
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('conversation_id', sa.Uuid(), nullable=False),
    sa.Column('role', sa.Enum('USER', 'ASSISTANT', name='messagerole', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('content', sa.Text(), nullable=False),
    sa.Column('status', sa.Enum('PENDING', 'COMPLETE', 'FAILED', name='messagestatus', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('time_zone', sa.Text(), nullable=False),
    sa.Column('reply_to', sa.Uuid(), nullable=True),
    sa.Column('idempotency_key', sa.Text(), nullable=True),
    sa.Column('pending_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('error_code', sa.Text(), nullable=True),
    sa.Column('model', sa.Text(), nullable=True),
    sa.Column('prompt_version', sa.Text(), nullable=True),
    sa.Column('input_tokens', sa.Integer(), nullable=True),
    sa.Column('output_tokens', sa.Integer(), nullable=True),
    sa.Column('latency_ms', sa.Integer(), nullable=True),
    sa.Column('copied', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.Column('tool_calls', sa.Integer(), server_default=sa.text('0'), nullable=False),
    sa.Column('rating', sa.Enum('UP', 'DOWN', name='rating', native_enum=False, create_constraint=True, length=32), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('edited_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['user_id', 'conversation_id'], ['conversations.user_id', 'conversations.id'], name=op.f('fk_messages_user_id_conversation_id_conversations'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id', 'reply_to'], ['messages.user_id', 'messages.id'], name=op.f('fk_messages_user_id_reply_to_messages'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('user_id', 'id', name=op.f('pk_messages'))
    )
    op.create_index('ix_messages_conversation', 'messages', ['user_id', 'conversation_id', 'id'], unique=False)
    op.create_index('ix_messages_day', 'messages', ['user_id', 'day', 'id'], unique=False)
    op.create_index('ix_messages_reply_to', 'messages', ['user_id', 'reply_to'], unique=False)
    op.create_index('uq_messages_idempotency_key', 'messages', ['user_id', 'idempotency_key'], unique=True, postgresql_where=sa.text('idempotency_key is not null'))
    op.create_table('refresh_tokens',
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('token_hash', sa.LargeBinary(), nullable=False),
    sa.Column('sign_in_id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['user_id', 'sign_in_id'], ['sign_ins.user_id', 'sign_ins.id'], name=op.f('fk_refresh_tokens_user_id_sign_in_id_sign_ins'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('user_id', 'token_hash', name=op.f('pk_refresh_tokens'))
    )
    op.create_index('ix_refresh_tokens_sign_in', 'refresh_tokens', ['user_id', 'sign_in_id'], unique=False)
    op.create_table('diary_lines',
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('diary_id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('SUMMARY', 'HIGHLIGHT', 'DECISION', 'OPEN_QUESTION', 'EMOTION', 'PATTERN', 'ACTIVITY', 'TIME_PREFERENCE', 'DECISION_STYLE', name='linekind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('hidden', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.Column('by_person', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.ForeignKeyConstraint(['user_id', 'diary_id', 'version'], ['diary_versions.user_id', 'diary_versions.diary_id', 'diary_versions.version'], name=op.f('fk_diary_lines_user_id_diary_id_version_diary_versions'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('user_id', 'id', name=op.f('pk_diary_lines'))
    )
    op.create_index('ix_diary_lines_version', 'diary_lines', ['user_id', 'diary_id', 'version', 'position'], unique=False)
    op.create_table('signals',
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('diary_id', sa.Uuid(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=True),
    sa.Column('week', sa.Date(), nullable=True),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('slot', sa.Text(), nullable=False),
    sa.Column('value', sa.Text(), nullable=False),
    sa.Column('value_key', sa.Text(), nullable=False),
    sa.Column('polarity', sa.Enum('POSITIVE', 'NEGATIVE', name='polarity', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('confidence', sa.Double(), nullable=False),
    sa.Column('stated', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint('(diary_id is null) = (version is null) and (diary_id is null) = (week is not null)', name=op.f('ck_signals_source')),
    sa.CheckConstraint('confidence between 0 and 1', name=op.f('ck_signals_confidence')),
    sa.ForeignKeyConstraint(['user_id', 'diary_id', 'version'], ['diary_versions.user_id', 'diary_versions.diary_id', 'diary_versions.version'], name=op.f('fk_signals_user_id_diary_id_version_diary_versions'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_signals_user_id_users'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('user_id', 'id', name=op.f('pk_signals'))
    )
    op.create_index('ix_signals_value', 'signals', ['user_id', 'slot', 'value_key'], unique=False)
    op.create_index('ix_signals_version', 'signals', ['user_id', 'diary_id', 'version', 'position'], unique=False)
    op.create_index('ix_signals_week', 'signals', ['user_id', 'week'], unique=False, postgresql_where=sa.text('week is not null'))
    op.create_table('line_evidence',
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('line_id', sa.Uuid(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('message_id', sa.Uuid(), nullable=False),
    sa.Column('quote', sa.Text(), nullable=False),
    sa.Column('start', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['user_id', 'line_id'], ['diary_lines.user_id', 'diary_lines.id'], name=op.f('fk_line_evidence_user_id_line_id_diary_lines'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id', 'message_id'], ['messages.user_id', 'messages.id'], name=op.f('fk_line_evidence_user_id_message_id_messages'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('user_id', 'line_id', 'position', name=op.f('pk_line_evidence'))
    )
    op.create_index('ix_line_evidence_message', 'line_evidence', ['user_id', 'message_id'], unique=False)
    op.create_table('signal_evidence',
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('signal_id', sa.Uuid(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('message_id', sa.Uuid(), nullable=False),
    sa.Column('quote', sa.Text(), nullable=False),
    sa.Column('start', sa.Integer(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('said_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['user_id', 'message_id'], ['messages.user_id', 'messages.id'], name=op.f('fk_signal_evidence_user_id_message_id_messages'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id', 'signal_id'], ['signals.user_id', 'signals.id'], name=op.f('fk_signal_evidence_user_id_signal_id_signals'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('user_id', 'signal_id', 'position', name=op.f('pk_signal_evidence'))
    )
    op.create_index('ix_signal_evidence_message', 'signal_evidence', ['user_id', 'message_id'], unique=False)


def downgrade() -> None:
    op.drop_index('ix_signal_evidence_message', table_name='signal_evidence')
    op.drop_table('signal_evidence')
    op.drop_index('ix_line_evidence_message', table_name='line_evidence')
    op.drop_table('line_evidence')
    op.drop_index('ix_signals_week', table_name='signals', postgresql_where=sa.text('week is not null'))
    op.drop_index('ix_signals_version', table_name='signals')
    op.drop_index('ix_signals_value', table_name='signals')
    op.drop_table('signals')
    op.drop_index('ix_diary_lines_version', table_name='diary_lines')
    op.drop_table('diary_lines')
    op.drop_index('ix_refresh_tokens_sign_in', table_name='refresh_tokens')
    op.drop_table('refresh_tokens')
    op.drop_index('uq_messages_idempotency_key', table_name='messages', postgresql_where=sa.text('idempotency_key is not null'))
    op.drop_index('ix_messages_reply_to', table_name='messages')
    op.drop_index('ix_messages_day', table_name='messages')
    op.drop_index('ix_messages_conversation', table_name='messages')
    op.drop_table('messages')
    op.drop_index('ix_job_items_run', table_name='job_items')
    op.drop_index('ix_job_items_ready', table_name='job_items', postgresql_where=sa.text("status = 'PENDING'"))
    op.drop_index('ix_job_items_expired', table_name='job_items', postgresql_where=sa.text("status = 'RUNNING'"))
    op.drop_table('job_items')
    op.drop_index('ix_job_attempts_run', table_name='job_attempts')
    op.drop_table('job_attempts')
    op.drop_table('diary_versions')
    op.drop_index('ix_verdicts_value', table_name='verdicts')
    op.drop_table('verdicts')
    op.drop_index('ix_usage_day', table_name='usage')
    op.drop_table('usage')
    op.drop_table('sign_ins')
    op.drop_index('uq_profile_values_value', table_name='profile_values')
    op.drop_table('profile_values')
    op.drop_index('ix_profile_changes_value', table_name='profile_changes')
    op.drop_table('profile_changes')
    op.drop_table('profile_aliases')
    op.drop_index('ix_job_runs_status', table_name='job_runs')
    op.drop_index(op.f('ix_job_runs_requested_by'), table_name='job_runs')
    op.drop_index('ix_job_runs_job', table_name='job_runs')
    op.drop_table('job_runs')
    op.drop_table('diaries')
    op.drop_index('ix_conversations_recent', table_name='conversations')
    op.drop_table('conversations')
    op.drop_index('ix_active_days_due', table_name='active_days', postgresql_where=sa.text('diary_revision < revision'))
    op.drop_table('active_days')
    op.drop_table('users')
