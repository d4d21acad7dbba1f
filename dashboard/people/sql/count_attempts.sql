-- Seconds until the next attempt is allowed, by each limit; null where it is not reached. An attempt is
-- allowed again when the oldest of as many as the limit allows is older than the window.
SELECT extract(epoch FROM at_pair.at + span.width - now()) AS pair_s,
       extract(epoch FROM at_address.at + span.width - now()) AS address_s,
       extract(epoch FROM at_login.at + span.width - now()) AS login_s
FROM (SELECT make_interval(secs => :window_s) AS width) AS span
LEFT JOIN LATERAL (
    SELECT at FROM failed_log_in
    WHERE login_sha256 = :login AND address = :address AND at > now() - span.width
    ORDER BY at DESC OFFSET :pair_most - 1 LIMIT 1) AS at_pair ON true
LEFT JOIN LATERAL (
    SELECT at FROM failed_log_in
    WHERE address = :address AND at > now() - span.width
    ORDER BY at DESC OFFSET :address_most - 1 LIMIT 1) AS at_address ON true
LEFT JOIN LATERAL (
    SELECT at FROM failed_log_in
    WHERE login_sha256 = :login AND at > now() - span.width
    ORDER BY at DESC OFFSET :login_most - 1 LIMIT 1) AS at_login ON true;
