-- Takes recipients into an audience, if the campaign is still what it was. KEYS: the campaign, the recipients, their order by state.
-- ARGV: clock, the campaign's version, life of the audience in ms, the state, users. Answers 1 for each that is new.
if redis.call('HGET', KEYS[1], 'v') ~= ARGV[2] then return nil end
local added = {}
for i = 5, #ARGV do
  added[i - 4] = redis.call('HSETNX', KEYS[2], ARGV[i], ARGV[4])
  if added[i - 4] == 1 then redis.call('ZADD', KEYS[3], '0', ARGV[4] .. ' ' .. ARGV[i]) end
end
for i = 1, #KEYS do redis.call('PEXPIRE', KEYS[i], ARGV[3]) end
return added
