import { expect, test } from '@jest/globals'
import { refusedRequest } from '../src/github/refused-request.ts'

const advice = { permission: 'Ask for it.', missing: 'It is not there.' }
const headers = { 'x-github-request-id': 'AB:1' }
const fix = /^Fix the problem that GitHub reports, then re-run the job\.$/

/** As octokit builds them: `RequestError`, and `GraphqlResponseError`, whose `response` is the body. */
const rest = (status: number, data: unknown, more = {}) => ({
  status,
  message: 'octokit',
  response: { headers: { ...headers, ...more }, data },
})
const graphql = (...errors: object[]) => ({ message: 'octokit', errors, headers, response: { data: null, errors } })

const codeOf = (status: number, hint: RegExp): string => {
  if (hint.source === 'rate limit') return 'github-rate-limited'
  if (status === 403) return 'github-permission-missing'
  if (status === 404) return 'github-not-found'
  return status >= 500 ? 'github-unavailable' : 'github-request-failed'
}

test.each<[string, object, string, number, RegExp]>([
  ['words of its own', rest(409, { message: 'Exists' }), '409: Exists', 409, fix],
  [
    'reasons beside them',
    rest(422, { message: 'Validation Failed', errors: [{ message: 'Body is too long' }, { code: 'custom' }, { message: 'and dull' }] }),
    '422: Validation Failed: Body is too long: and dull',
    422,
    fix,
  ],
  ['an answer that is not JSON', rest(502, '<html>'), '502: <html>', 502, /githubstatus/],
  [
    'a page',
    rest(503, '<!DOCTYPE html>\n<html>\n<head><title>Unicorn! &middot; GitHub</title></head>'),
    '503: Unicorn! &middot; GitHub',
    503,
    /githubstatus/,
  ],
  ['several lines', rest(504, '\nupstream request timeout\nby proxy 7'), '504: upstream request timeout', 504, /githubstatus/],
  ['no words', rest(404, ''), '404: octokit', 404, /^It is not there\. Ask for it\.$/],
  ['a missing permission', rest(403, { message: 'No' }), '403: No', 403, /^Ask for it\.$/],
  ['a rate limit', rest(403, { message: 'Slow' }, { 'x-ratelimit-remaining': '0' }), '403: Slow', 403, /rate limit/],
  ['a missing permission, by GraphQL', graphql({ type: 'FORBIDDEN', message: 'No' }), '403: No', 403, /^Ask for it\.$/],
  ['a missing node, by GraphQL', graphql({ type: 'NOT_FOUND', message: 'Gone' }), '404: Gone', 404, /^It is not there\. Ask for it\.$/],
  ['a rate limit, by GraphQL', graphql({ type: 'RATE_LIMITED', message: 'Slow' }), '429: Slow', 429, /rate limit/],
  [
    'another error of GraphQL',
    graphql({ type: 'undefinedField', message: 'What?' }, { message: 'Why?' }),
    'undefinedField: What?; Why?',
    200,
    fix,
  ],
  ['an error of GraphQL without a type', graphql({ message: 'Oops' }), 'GraphQL: Oops', 200, fix],
])('%s', (_title, shape, words, status, hint) => {
  const error = refusedRequest('Try', Object.assign(new Error(), shape), advice)
  expect(error).toMatchObject({
    message: `Try: ${words} (request AB:1)`,
    status,
    errorCode: codeOf(status, hint),
    hint: expect.stringMatching(hint),
    transient: /rate limit|githubstatus/.test(hint.source),
  })
})
