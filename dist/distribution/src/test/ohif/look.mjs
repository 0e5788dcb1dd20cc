// Opens a study in the viewer, shows series after series, and says what a reader sees of each.
// node look.mjs VIEWER STUDY_UID OUT_FOLDER SERIES_NUMBER...
// Prints JSON: for each series the text of the page, whether the viewer is alive, where the
// viewport lies, and the picture of the page that was saved.
import { chromium } from 'playwright-core';
import path from 'node:path';

const [viewer, study, out, ...wanted] = process.argv.slice(2);
const thumbnails =
  '[data-cy="study-browser-thumbnail"],[data-cy="study-browser-thumbnail-no-image"]';
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
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
  // The tour of a first visit swallows clicks.
  await page.addInitScript(() => {
    try {
      localStorage.setItem('shownTours', JSON.stringify(['basicViewerTour']));
    } catch {
      // A frame without storage, as that of a PDF document, shows no tour.
    }
  });
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
  for (const [index, number] of wanted.entries()) {
    const names = await list.allInnerTexts();
    const place = names.findIndex((name) => name.split('\n').includes(`S:${number}`));
    if (place < 0) throw new Error(`series ${number} is not listed: ${names.join(' | ')}`);
    await list.nth(place).dblclick({ timeout: 10000 });
    // What is shown is loaded, decoded and drawn in the background: looked at when it stays so.
    const picture = path.join(out, `${index + 1}.png`);
    await page.waitForTimeout(2000);
    let before = Buffer.alloc(0);
    for (let i = 0; i < 12; i++) {
      await page.waitForTimeout(700);
      const now = await page.screenshot({ path: picture });
      if (now.equals(before)) break;
      before = now;
    }
    seen.push({
      number,
      picture,
      viewport: await page.locator('[data-cy^="viewport"]').first().boundingBox(),
      alive: (await list.count()) === listed,
      text: await page.locator('body').innerText(),
    });
  }
  console.log(JSON.stringify({ chromium: browser.version(), listed, seen }));
} finally {
  await browser.close();
}
