#!/usr/bin/env node
// What npm runs. Plain JavaScript, since the Node of a system may be too old to read a single line of the rest.
const NODE = 26
const INSTALL =
  'run npm install --include=dev in its folder, without --ignore-scripts: that brings Node and all packages'

function refuse(sentence) {
  process.stderr.write(`titian: ${sentence}\n`)
  process.exit(1)
}

if (Number(process.versions.node.split('.')[0]) < NODE)
  refuse(`this is Node ${process.versions.node}, Node ${NODE} is needed: ${INSTALL}`)

try {
  await import('./main.ts')
} catch (error) {
  const missing = error.code === 'ERR_MODULE_NOT_FOUND' && /Cannot find package '([^']+)'/.exec(error.message)
  if (!missing) throw error
  refuse(`the package ${missing[1]} is not installed: ${INSTALL}`)
}
