/**
 * The site of the documents: the files of the repository as they are, at their paths, with search. A page that links to a page that
 * is not there fails the build; `test/links.test.ts` checks the same without it. Links to files that are no page go to GitHub.
 */
import { cpSync, rmSync } from 'node:fs';
import { join, posix } from 'node:path';
import { PAGES } from './side-bar.mjs';

const REPOSITORY = 'https://github.com/churn-mcp/churn-mcp';

const paths = Object.values(PAGES).flatMap((pages) => Object.keys(pages));
const addressOf = (path) => (path === 'README.md' ? '/' : `/${path.replace(/\.md$/, '')}`);

/** Markdown-it's rule that sends links to files that are no page to the repository. */
function linkToRepository(markdown) {
  markdown.core.ruler.push('link-to-repository', ({ tokens, env }) => {
    for (const { children } of tokens) {
      for (const token of children ?? []) {
        const address = token.type === 'link_open' ? (token.attrGet('href') ?? '') : '';
        if (address === '' || /^(?:[a-z]+:|#|\/)/i.test(address)) continue;
        const [path] = address.split('#');
        const target = posix.join(posix.dirname(env.relativePath), path);
        if (!paths.includes(target)) token.attrSet('href', `${REPOSITORY}/blob/main/${target}`);
      }
    }
  });
}

/** Pages are built from copies in this folder: outside of it Vue, which every page needs, is not found. */
function copyPages() {
  const site = join(import.meta.dirname, '..');
  rmSync(join(site, 'pages'), { recursive: true, force: true });
  for (const path of [...paths, 'docs/dashboard.png']) {
    cpSync(join(site, '..', '..', path), join(site, 'pages', path));
  }
}
copyPages();

export default {
  title: 'churn-mcp',
  description: 'An MCP server that tells a shop who is about to leave, why, and what to offer them.',
  base: '/churn-mcp/',
  srcDir: 'pages',
  outDir: 'dist',
  cacheDir: 'node_modules/.vitepress-cache',
  rewrites: { 'README.md': 'index.md' },
  cleanUrls: true,
  markdown: { config: linkToRepository },
  themeConfig: {
    search: { provider: 'local' },
    sidebar: Object.entries(PAGES).map(([text, pages]) => ({
      text,
      items: Object.entries(pages).map(([path, title]) => ({ text: title, link: addressOf(path) })),
    })),
    socialLinks: [{ icon: 'github', link: REPOSITORY }],
    editLink: { pattern: `${REPOSITORY}/edit/main/:path`, text: 'Change this page' },
  },
};
