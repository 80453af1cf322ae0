// The grammar of github.com/distribution/reference v0.6.0 (regexp.go), by the names that it has there.
const domainNameComponent = '(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])'
const domainName = `${domainNameComponent}(?:\\.${domainNameComponent})*`
const ipv6address = '\\[[a-fA-F0-9:]+\\]'
const domainAndPort = `(?:${domainName}|${ipv6address})(?::[0-9]+)?`
const pathComponent = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*'
const remoteName = `${pathComponent}(?:/${pathComponent})*`
const tag = '\\w[\\w.-]{0,127}'

const anchored = (pattern: string) => new RegExp(`^${pattern}$`)

export const namePattern = anchored(`(?:${domainAndPort}/)?${remoteName}`)
export const domainPattern = anchored(domainAndPort)
export const tagPattern = anchored(tag)
/** github.com/opencontainers/go-digest v1.0.0, algorithm.go: the algorithms that it registers, with the lengths of their digests. */
export const digestPattern = /^(?:sha256:[0-9a-f]{64}|sha384:[0-9a-f]{96}|sha512:[0-9a-f]{128})$/
/** An image's ID, which must not be taken for a repository of Docker Hub. */
export const identifierPattern = /^[a-f0-9]{64}$/
/** Of the repository, without its registry. */
export const longestRepository = 255
