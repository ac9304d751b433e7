-- verdicts on the sources of answers, and verdicts that a value of the profile is over

CREATE TABLE source_verdicts (
    user_id UUID NOT NULL,
    id UUID NOT NULL,
    conversation_id UUID,
    source TEXT NOT NULL,
    verdict VARCHAR(32) NOT NULL,
    withheld BOOLEAN NOT NULL,
    verdict_id UUID,
    line_ids UUID[] DEFAULT '{}' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_source_verdicts PRIMARY KEY (user_id, id),
    CONSTRAINT fk_source_verdicts_user_id_users FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT fk_source_verdicts_user_id_conversation_id_conversations FOREIGN KEY(user_id, conversation_id) REFERENCES conversations (user_id, id) ON DELETE CASCADE,
    CONSTRAINT ck_source_verdicts_sourceverdict CHECK (verdict IN ('WRONG', 'OUTDATED', 'NOT_NOW'))
);

CREATE UNIQUE INDEX uq_source_verdicts_everywhere ON source_verdicts (user_id, source) WHERE conversation_id is null;

CREATE UNIQUE INDEX uq_source_verdicts_conversation ON source_verdicts (user_id, conversation_id, source) WHERE conversation_id is not null;

ALTER TABLE verdicts DROP CONSTRAINT ck_verdicts_verdictkind;

ALTER TABLE verdicts ADD CONSTRAINT ck_verdicts_verdictkind CHECK (kind IN ('SET', 'LOCK', 'UNLOCK', 'REJECT', 'END', 'REVERT'));
