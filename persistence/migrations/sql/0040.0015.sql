-- the name that a client gave itself at sign-in

ALTER TABLE sign_ins ADD COLUMN client_name TEXT;
