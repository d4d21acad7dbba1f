-- Whoever has come in is no guesser.
DELETE FROM failed_log_in WHERE login_sha256 = :login AND address = :address;
