const policy = process.env['INPUT_EGRESS-POLICY'] ?? ''
if (!['audit', 'block'].includes(policy)) {
  console.log(`::error::egress-policy must be audit or block, not ${policy}`)
  process.exit(1)
}
console.log(`Egress policy: ${policy}`)
