-- A page of dead letters from each of several lists, newest first: answers member and score of each, one after another. What a list names
-- and the letters do not hold, for a store kept only a part of a commit, is taken off the list.
-- KEYS[1]: the letters; then the lists. ARGV: the oldest and the newest score, how many of each list, and the member at the newest score behind
-- which the page begins ('' = with all of that score).
local oldest, newest, limit, after = tonumber(ARGV[1]), ARGV[2], tonumber(ARGV[3]), ARGV[4]
-- Lists order members by their bytes, which Lua's own comparison may not do.
local function before(a, b)
  for i = 1, math.min(#a, #b) do
    local x, y = a:byte(i), b:byte(i)
    if x ~= y then return x < y end
  end
  return #a < #b
end
local page = {}
for i = 2, #KEYS do
  local at = redis.call('ZCOUNT', KEYS[i], '(' .. newest, '+inf')
  local behind = after == '' and at or redis.call('ZCOUNT', KEYS[i], newest, '+inf')
  while at < behind do
    local middle = math.floor((at + behind) / 2)
    if before(redis.call('ZREVRANGE', KEYS[i], middle, middle)[1], after) then behind = middle else at = middle + 1 end
  end
  local missing = limit
  repeat
    local part = redis.call('ZREVRANGE', KEYS[i], at, at + missing - 1, 'WITHSCORES')
    for n = 1, #part, 2 do
      if tonumber(part[n + 1]) < oldest then
        part = {}
        break
      end
      if redis.call('HEXISTS', KEYS[1], string.match(part[n], '[^|]*$')) == 1 then
        page[#page + 1], page[#page + 2] = part[n], part[n + 1]
        at, missing = at + 1, missing - 1
      else
        redis.call('ZREM', KEYS[i], part[n])
      end
    end
  until #part == 0 or missing == 0
end
return page
