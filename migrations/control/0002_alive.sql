-- When the server last said that it runs: what lies between that and the next start, it was away.
ALTER TABLE installation ADD alive_at integer;
