-- branches of conversations, and answers beside each other

CREATE TABLE conversation_branches (
    user_id UUID NOT NULL,
    id UUID NOT NULL,
    conversation_id UUID NOT NULL,
    parent_id UUID,
    begins_at UUID NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_conversation_branches PRIMARY KEY (user_id, id),
    CONSTRAINT fk_conversation_branches_user_id_conversations FOREIGN KEY(user_id, conversation_id) REFERENCES conversations (user_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_conversation_branches_user_id_conversation_branches FOREIGN KEY(user_id, parent_id) REFERENCES conversation_branches (user_id, id) ON DELETE CASCADE
);

CREATE INDEX ix_conversation_branches_conversation ON conversation_branches (user_id, conversation_id);

CREATE INDEX ix_conversation_branches_parent ON conversation_branches (user_id, parent_id);

ALTER TABLE conversations ADD COLUMN current_branch_id UUID;

ALTER TABLE messages ADD COLUMN branch_id UUID;

ALTER TABLE messages ADD COLUMN chosen BOOLEAN DEFAULT true NOT NULL;

ALTER TABLE messages ADD COLUMN off_path BOOLEAN DEFAULT false NOT NULL;

ALTER TABLE messages ADD CONSTRAINT fk_messages_user_id_conversation_branches FOREIGN KEY (user_id, branch_id) REFERENCES conversation_branches (user_id, id) ON DELETE CASCADE NOT VALID;

ALTER TABLE messages VALIDATE CONSTRAINT fk_messages_user_id_conversation_branches;

CREATE INDEX ix_messages_branch ON messages (user_id, branch_id, id) WHERE branch_id is not null;
