-- Takes recipients into an audience, if the campaign is still what it was. KEYS: the campaign, the recipients.
-- ARGV: clock, the campaign's version, life of the audience in ms, the state, users. Answers 1 for each that is new.
if redis.call('HGET', KEYS[1], 'v') ~= ARGV[2] then return nil end
local added = {}
for i = 5, #ARGV do added[i - 4] = redis.call('HSETNX', KEYS[2], ARGV[i], ARGV[4]) end
redis.call('PEXPIRE', KEYS[2], ARGV[3])
return added
