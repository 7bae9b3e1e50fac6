-- Grants permits of one channel: never more than a number of them in any window.
-- KEYS[1]: the permits granted, by time. ARGV: clock in microseconds ('' = Redis' own), most in a window, the window in microseconds,
-- how many are wanted (none: only to see when there is one), and of campaign permits the reserve that they leave, and in microseconds the time
-- between two of them and how much lateness they make up for ('' for others).
-- Answers how many are granted, the store's time, and in how many microseconds it is worth asking again.
local most, window, wanted = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local newest = redis.call('ZRANGE', KEYS[1], -1, -1, 'WITHSCORES')
-- A clock that was set back must not open a second window.
if newest[2] then now = math.max(now, tonumber(newest[2])) end
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', text(now - window))
local used, kind, wait = redis.call('ZCARD', KEYS[1]), 't', 0
local free = most - used
if ARGV[5] ~= '' then
  local spacing, late, due = tonumber(ARGV[6]), tonumber(ARGV[7]), now
  for _, member in ipairs(redis.call('ZREVRANGE', KEYS[1], 0, -1)) do
    local last = string.match(member, '^c(%d+):')
    if last then
      due = math.max(tonumber(last) + spacing, now - late)
      break
    end
  end
  free, kind = math.min(free - tonumber(ARGV[5]), 1), 'c' .. text(due)
  -- The next one counts from when this one was due, so that being late now and then costs no rate.
  if due > now then free, wait = 0, due - now end
end
local granted = math.max(0, math.min(free, wanted))
for i = 1, granted do redis.call('ZADD', KEYS[1], text(now), kind .. ':' .. text(used + i) .. ':' .. text(now)) end
redis.call('PEXPIRE', KEYS[1], text(math.ceil(window / 1000) + 1000))
if free < math.max(wanted, 1) and wait == 0 then
  local oldest = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')
  wait = oldest[2] and (tonumber(oldest[2]) + window - now) or 0
end
return {granted, text(now), text(wait)}
