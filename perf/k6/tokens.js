// What sign-ins cost: WAY=refresh, client_credentials or login, RATE a second whether or not earlier ones were answered.
//
// Each virtual user is a person or a client of their own, with an address of their own; `perf/tokens.py` writes who.
import http from 'k6/http';
import exec from 'k6/execution';
import { SharedArray } from 'k6/data';
import { Rate } from 'k6/metrics';
import { textSummary } from './lib/text.js';
import { summary } from './lib/load.js';

const WAY = __ENV.WAY;
const RATE = Number(__ENV.RATE || 50);
const principals = new SharedArray('principals', () => JSON.parse(open(__ENV.PRINCIPALS)).principals);

const rateLimited = new Rate('rate_limited');
const unexpected = new Rate('unexpected');

export const options = {
  scenarios: {
    [WAY]: {
      executor: 'constant-arrival-rate',
      rate: RATE,
      timeUnit: '1s',
      duration: __ENV.DURATION || '60s',
      // Users take turns, so that each asks seldom enough for its limits: 500 at 50 a second ask six times a minute.
      preAllocatedVUs: principals.length,
      maxVUs: principals.length,
      gracefulStop: '10s',
    },
  },
  thresholds: {
    [`http_req_duration{endpoint:${WAY}}`]: ['p(95)<50', 'p(99)<100'],
    [`http_reqs{endpoint:${WAY}}`]: ['count>=0'],
    rate_limited: ['rate<0.01'],
    unexpected: ['rate==0'],
    dropped_iterations: ['count==0'],
  },
  summaryTrendStats: ['avg', 'min', 'med', 'p(90)', 'p(95)', 'p(99)', 'max', 'count'],
};

let me = null;

function self() {
  if (me === null) {
    const number = exec.vu.idInTest - 1;
    me = { ...principals[number], address: `10.9.${(number >> 8) & 255}.${number & 255}` };
  }
  return me;
}

const WAYS = {
  refresh: (who) => ['/auth/token', {
    grant_type: 'refresh_token', client_id: who.public_client_id, refresh_token: who.refresh_token,
  }],
  client_credentials: (who) => ['/auth/token', {
    grant_type: 'client_credentials', client_id: who.client_id, client_secret: who.client_secret, scope: 'read:content',
  }],
  login: (who) => ['/api/v1/auth/login', JSON.stringify({ email: who.email, password: who.password })],
};

export default function () {
  const who = self();
  const [path, body] = WAYS[WAY](who);
  const headers = { 'X-Forwarded-For': who.address };
  if (typeof body === 'string') {
    headers['Content-Type'] = 'application/json';
  }
  const response = http.post(`${__ENV.BASE_URL}${path}`, body, { headers, tags: { endpoint: WAY, name: WAY }, timeout: '10s' });
  rateLimited.add(response.status === 429);
  unexpected.add(response.status !== 429 && response.status !== 200);
  if (response.status === 200 && WAY === 'refresh') {
    who.refresh_token = response.json('refresh_token');
  }
}

export const handleSummary = (data) => summary(data, textSummary(data));
