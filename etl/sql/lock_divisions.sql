-- Two lists of divisions are loaded one after the other; who reads the list does not wait.
LOCK TABLE division IN SHARE ROW EXCLUSIVE MODE;
