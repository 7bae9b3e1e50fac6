-- Forgets an upload, if the campaign is still what it was. KEYS: the campaign, then its other records. ARGV: clock, the campaign's version.
-- Answers whether it was.
if redis.call('HGET', KEYS[1], 'v') ~= ARGV[2] then return 0 end
for i = 1, #KEYS do redis.call('DEL', KEYS[i]) end
return 1
