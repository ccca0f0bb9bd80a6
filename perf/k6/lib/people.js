// Who asks: each virtual user is a person of their own, with an address, a token and a history.
import { SharedArray } from 'k6/data';
import exec from 'k6/execution';

const FILE = __ENV.PEOPLE || '../../people.json';

// Made by `python -m perf.people`. Read once and shared, because there may be a hundred thousand users.
const people = new SharedArray('people', () => JSON.parse(open(FILE)).people);
const titles = new SharedArray('titles', () => JSON.parse(open(FILE)).titles);
const playable = new SharedArray('playable', () => JSON.parse(open(FILE)).playable);
const queries = new SharedArray('queries', () => JSON.parse(open(FILE)).queries);

let me = null;

// The person of this virtual user; the same one at each call.
export function self() {
  if (me === null) {
    const number = exec.vu.idInTest - 1;
    me = {
      ...people[number % people.length],
      address: `10.${(number >> 16) & 255}.${(number >> 8) & 255}.${number & 255}`,
      session: null,
      listed: null,
      counter: 0,
    };
  }
  return me;
}

// Popular things are asked for more often than others: of n, number i about in proportion to 1 / (i + 1).
function skewed(length) {
  return Math.min(length - 1, Math.floor(Math.exp(Math.random() * Math.log(length + 1))) - 1);
}

export const anyTitle = () => titles[skewed(titles.length)];
export const anyPlayable = () => playable[skewed(playable.length)];
export const anyQuery = () => queries[skewed(queries.length)];

// A beginning of a query, as it stands in the box while somebody types.
export function halfTyped() {
  const query = anyQuery();
  return query.slice(0, Math.max(2, Math.ceil(Math.random() * query.length)));
}

export const oneOf = (list) => list[Math.floor(Math.random() * list.length)];
