-- the time of the latest change of anything of a user

CREATE TABLE user_changes (
    user_id UUID NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_user_changes PRIMARY KEY (user_id),
    CONSTRAINT fk_user_changes_user_id_users FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);
