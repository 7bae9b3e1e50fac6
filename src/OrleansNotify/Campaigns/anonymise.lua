-- Puts another name in a recipient's place. KEYS: the campaign, the recipients, the counts, their order by state, the places to come back to, the audience.
-- ARGV: clock, user, the other name, the two states without a message, the state instead, place ('' = none), block, the block as it was, and as it is to be.
-- Answers 1, or 0 where the block is not what it was.
local state = redis.call('HGET', KEYS[2], ARGV[2])
-- Of an audience that is not whole yet a part may not be stored: whom nobody knows is skipped when the campaign runs.
if not state or redis.call('HGET', KEYS[1], 'status') == 'uploading' then return 1 end
if ARGV[7] ~= '' then
  if redis.call('HGET', KEYS[6], ARGV[8]) ~= ARGV[9] then return 0 end
  redis.call('HSET', KEYS[6], ARGV[8], ARGV[10])
end
local after = state
-- Nobody may be left whom nobody comes back to.
if state == ARGV[4] or state == ARGV[5] then
  after = ARGV[6]
  redis.call('HINCRBY', KEYS[3], state, '-1')
  redis.call('HINCRBY', KEYS[3], after, '1')
  if ARGV[7] ~= '' then redis.call('ZREM', KEYS[5], ARGV[7]) end
end
redis.call('HSET', KEYS[2], ARGV[3], after)
redis.call('ZADD', KEYS[4], '0', after .. ' ' .. ARGV[3])
redis.call('HDEL', KEYS[2], ARGV[2])
redis.call('ZREM', KEYS[4], state .. ' ' .. ARGV[2])
return 1
