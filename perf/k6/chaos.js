// A steady load of reads and writes while things break; every write is of another pair of person and title, so that what
// was acknowledged can be looked for afterwards.
import exec from 'k6/execution';
import http from 'k6/http';
import { SharedArray } from 'k6/data';

const people = new SharedArray('people', () => JSON.parse(open(__ENV.PEOPLE)).people);
const titles = new SharedArray('titles', () => JSON.parse(open(__ENV.PEOPLE)).titles);
const common = { executor: 'constant-arrival-rate', duration: __ENV.DURATION, preAllocatedVUs: 40, maxVUs: 200, gracefulStop: '12s' };

export const options = {
  scenarios: {
    write: { ...common, exec: 'write', rate: 3 },
    read: { ...common, exec: 'read', rate: 3 },
  },
  discardResponseBodies: true,
};

function headers(person) {
  return { Authorization: `Bearer ${person.access_token}`, 'Content-Type': 'application/json' };
}

export function write() {
  const number = exec.scenario.iterationInTest;
  const person = number % people.length;
  const title = titles[Math.floor(number / people.length) % titles.length];
  http.put(`${__ENV.BASE_URL}/api/v1/user/ratings/${title}`, JSON.stringify({ score: 1 + (number % 10) }), {
    headers: headers(people[person]),
    tags: { part: 'write', name: 'write', pair: `${people[person].email}/${title}` },
    timeout: '10s',
  });
}

export function read() {
  http.get(`${__ENV.BASE_URL}/api/v1/user/profile`, {
    headers: headers(people[exec.scenario.iterationInTest % people.length]),
    tags: { part: 'read', name: 'read' },
    timeout: '10s',
  });
}
