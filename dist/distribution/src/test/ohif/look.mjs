// Opens a study in the viewer, shows series after series, and says what a reader sees of each.
// node look.mjs VIEWER STUDY_UID OUT_FOLDER SERIES_DESCRIPTION...
// Prints JSON: for each series the text of the page, whether the viewer is alive, where the
// viewport lies, and the picture of the page that was saved.
import { chromium } from 'playwright-core';
import path from 'node:path';

const [viewer, study, out, ...wanted] = process.argv.slice(2);
const thumbnails =
  '[data-cy="study-browser-thumbnail"],[data-cy="study-browser-thumbnail-no-image"]';
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  // WebGL in software.
  args: [
    '--no-sandbox',
    '--use-gl=angle',
    '--use-angle=swiftshader',
    '--enable-unsafe-swiftshader',
    '--ignore-gpu-blocklist',
    '--disable-dev-shm-usage',
  ],
  // Playwright's own switch that turns the browser's PDF viewer off.
  ignoreDefaultArgs: ['--disable-extensions'],
});
try {
  const page = await browser.newPage({ viewport: { width: 1500, height: 900 } });
  const log = [];
  page.on('pageerror', (error) => log.push(String(error).slice(0, 300)));
  page.on('console', (message) => {
    if (message.text().includes('Error Boundary')) log.push(message.text().slice(0, 300));
  });
  // The tour of a first visit swallows clicks.
  await page.addInitScript(() =>
    localStorage.setItem('shownTours', JSON.stringify(['basicViewerTour']))
  );
  await page.goto(`${viewer}/viewer?StudyInstanceUIDs=${study}`, { waitUntil: 'domcontentloaded' });
  const list = page.locator(thumbnails);
  await list.first().waitFor({ timeout: 60000 });
  // All series are listed when their number no longer grows.
  let listed = 0;
  for (let calm = 0; calm < 4; ) {
    await page.waitForTimeout(500);
    const now = await list.count();
    calm = now === listed ? calm + 1 : 0;
    listed = now;
  }
  const seen = [];
  for (const [index, series] of wanted.entries()) {
    const item = list.filter({ hasText: series }).first();
    let found = true;
    try {
      await item.scrollIntoViewIfNeeded({ timeout: 5000 });
      await item.dblclick({ timeout: 5000 });
    } catch {
      found = false;
    }
    // What is shown is loaded, decoded and drawn in the background: looked at when it stays the same.
    const picture = path.join(out, `${index + 1}.png`);
    await page.waitForTimeout(1500);
    let before = Buffer.alloc(0);
    for (let i = 0; i < 12; i++) {
      await page.waitForTimeout(700);
      const now = await page.screenshot({ path: picture });
      if (now.equals(before)) break;
      before = now;
    }
    const viewport = await page
      .locator('[data-cy="viewport-pane"], [data-cy^="viewport"]')
      .first()
      .boundingBox()
      .catch(() => null);
    seen.push({
      series,
      found,
      picture,
      viewport,
      alive: (await list.count()) === listed,
      text: await page.locator('body').innerText(),
    });
  }
  console.log(JSON.stringify({ version: browser.version(), listed, log, seen }));
} finally {
  await browser.close();
}
