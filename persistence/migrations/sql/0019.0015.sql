-- users define slots of their own, and switch sensitive ones on

ALTER TABLE users ADD COLUMN sensitive_slots TEXT[] DEFAULT '{}' NOT NULL;

CREATE TABLE own_slots (
    user_id UUID NOT NULL,
    id UUID NOT NULL,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    many BOOLEAN NOT NULL,
    half_life_days INTEGER,
    guide TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_own_slots PRIMARY KEY (user_id, id),
    CONSTRAINT ck_own_slots_half_life_days CHECK (half_life_days > 0),
    CONSTRAINT fk_own_slots_user_id_users FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);

CREATE UNIQUE INDEX uq_own_slots_name ON own_slots (user_id, name_key);
