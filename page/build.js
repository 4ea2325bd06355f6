// SPDX-License-Identifier: GPL-3.0-or-later
// Bundles the page into one HTML file: node build.js NODE_MODULES OUTPUT
// Scripts and styles are inline; the page's policy names their hashes, so that nothing else can run.
import { createHash } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const [modules, output] = process.argv.slice(2);
if (!output) {
  console.error('usage: node build.js NODE_MODULES OUTPUT');
  process.exit(2);
}
const { build } = createRequire(join(modules, 'none.js'))('esbuild');
const source = join(dirname(fileURLToPath(import.meta.url)), 'src');

async function bundle(entry, more) {
  const made = await build({
    entryPoints: [join(source, entry)], bundle: true, minify: true, write: false, nodePaths: [modules],
    logLevel: 'warning', target: ['chrome100', 'firefox100', 'safari15'], legalComments: 'inline', charset: 'utf8', ...more,
  });
  return made.outputFiles[0].text;
}

// A closing tag inside a string would end the element early.
const script = (await bundle('main.js', { format: 'iife' })).replaceAll('</script', '<\\/script');
// Leaflet's pictures are of controls that the page does not use.
const style = await bundle('style.css', { loader: { '.png': 'empty' } });
const hash = (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
const policy = `default-src 'none'; script-src ${hash(script)}; style-src ${hash(style)}; img-src data:; ` +
  "base-uri 'none'; form-action 'none'";
const parts = { POLICY: policy, STYLE: style, SCRIPT: script };
const page = readFileSync(join(source, 'template.html'), 'utf8').replace(/%(POLICY|STYLE|SCRIPT)%/g, (all, name) => parts[name]);
for (const mark of ['%HCB_TITLE%', '%HCB_DATA%']) {
  if (page.split(mark).length !== 2) {
    throw new Error(`the template must have ${mark} once`);
  }
}
writeFileSync(`${output}.part`, page);
renameSync(`${output}.part`, output);
