// One request: to the right group, as the right person, counted under the right name.
import http from 'k6/http';
import { Rate } from 'k6/metrics';
import { self } from './people.js';

const BASE = __ENV.BASE_URL || 'http://localhost:8080';
// Part -> address of its group, when there is no balancer in front.
const GROUPS = JSON.parse(__ENV.GROUP_URLS || '{}');

export const rateLimited = new Rate('rate_limited');
// Answers that are neither success nor a limit, and requests without an answer.
export const unexpected = new Rate('unexpected');

// A token is renewed when it has less than this to live.
const MARGIN_S = 60;

export function send(method, path, { part, endpoint, body = null, token = true, keep = false }) {
  const me = self();
  const headers = { 'X-Forwarded-For': me.address, Accept: 'application/json' };
  if (body !== null) {
    headers['Content-Type'] = 'application/json';
  }
  if (token) {
    if (me.expires_at - Date.now() / 1000 < MARGIN_S) {
      refresh('auth_refresh');
    }
    headers.Authorization = `Bearer ${me.access_token}`;
  }
  const base = GROUPS[part] || BASE;
  const response = http.request(method, `${base}${path}`, body === null ? null : JSON.stringify(body), {
    headers,
    tags: { part, endpoint, name: endpoint },
    responseType: keep ? 'text' : 'none',
    timeout: '10s',
  });
  rateLimited.add(response.status === 429);
  unexpected.add(response.status !== 429 && (response.status < 200 || response.status >= 400));
  return response;
}

// Exchange the refresh token for the next pair.
export function refresh(endpoint) {
  const me = self();
  const response = send('POST', '/api/v1/auth/refresh', {
    part: 'auth', endpoint, token: false, keep: true, body: { refresh_token: me.refresh_token },
  });
  if (response.status === 200) {
    take(response.json());
  }
}

export function login(endpoint) {
  const me = self();
  const response = send('POST', '/api/v1/auth/login', {
    part: 'auth', endpoint, token: false, keep: true, body: { email: me.email, password: me.password },
  });
  if (response.status === 200) {
    take(response.json());
  }
}

function take(pair) {
  const me = self();
  me.access_token = pair.access_token;
  me.refresh_token = pair.refresh_token;
  me.expires_at = Date.now() / 1000 + pair.expires_in;
}
