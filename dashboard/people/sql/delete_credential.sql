-- Nobody logs in with the old password any more.
DELETE FROM credential WHERE account_id = :account_id;
