// Sorts and filters each long table of a page with the keys that a person has: Tab, Enter, letters and Backspace.

/** How many tables there are, and what is wrong with them. */
export async function tryTables(page) {
  const wrong = [];
  const count = await page.locator(".long").count();
  for (let place = 0; place < count; place += 1) {
    const say = (fault) => wrong.push(`table ${place + 1}: ${fault}`);
    const box = page.locator(".long").nth(place);
    const tools = page.locator(".tools").nth(place);
    if ((await tools.count()) === 0) {
      say("its script does not run");
      continue;
    }
    const before = await rowsOf(box);
    await trySorting(page, box, tools, before, say);
    await tryFiltering(page, box, tools, before, say);
    await tryHead(page, box, say);
  }
  return [count, wrong];
}

async function trySorting(page, box, tools, before, say) {
  const columns = await box.locator("thead th").count();
  for (let column = 0; column < columns; column += 1) {
    const head = box.locator("thead th").nth(column);
    const button = head.locator("button");
    if ((await button.count()) === 0) continue;
    // The key before it is Tab: a button that Tab does not reach is none.
    await button.focus();
    await page.keyboard.press("Shift+Tab");
    await page.keyboard.press("Tab");
    const name = await button.getAttribute("aria-label");
    if (!(await button.evaluate((own) => own === document.activeElement))) say(`Tab does not reach “${name}”`);
    for (const [key, direction] of [["Enter", "ascending"], [" ", "descending"]]) {
      await page.keyboard.press(key);
      if ((await head.getAttribute("aria-sort")) !== direction) say(`“${name}” is not sorted ${direction}`);
      const rows = await rowsOf(box);
      if (rows.length !== before.length) say(`“${name}” has lost rows`);
      if (!isSorted(rows, column, direction)) say(`“${name}” is not in order, ${direction}`);
      if (!(await tools.locator("output").textContent()).endsWith(direction)) say(`“${name}”: its order is not told`);
    }
    await page.keyboard.press("Enter");
    const order = (await rowsOf(box)).map((row) => row.text).join("\n");
    if (order !== before.map((row) => row.text).join("\n")) say(`“${name}” does not go back to the order of the file`);
    if ((await box.locator("[aria-sort]").count()) !== 0) say(`“${name}” says that it is sorted`);
  }
}

async function tryFiltering(page, box, tools, before, say) {
  const input = tools.getByRole("searchbox", { name: "Filter" });
  await input.focus();
  const word = before[before.length - 1].text.trim().split(/\s+/)[0];
  await page.keyboard.type(word.toUpperCase());
  const shown = (await rowsOf(box)).filter((row) => row.isShown);
  if (shown.length === 0) say(`no row has “${word}”`);
  if (!shown.every((row) => row.text.toLowerCase().includes(word.toLowerCase()))) say(`rows without “${word}” are shown`);
  const told = await tools.locator("output").textContent();
  const expected = shown.length === before.length ? `${before.length} rows` : `${shown.length} of ${before.length} rows`;
  if (told !== expected) say(`it says “${told}”, and has ${expected}`);
  await page.keyboard.type(" no such word");
  if ((await rowsOf(box)).some((row) => row.isShown)) say("rows have no such word");
  await page.keyboard.press("Control+A");
  await page.keyboard.press("Backspace");
  if (!(await rowsOf(box)).every((row) => row.isShown)) say("rows are gone when the filter is empty");
}

/** In a table that scrolls in its box, the head and the keys stay when it is scrolled. */
async function tryHead(page, box, say) {
  const moved = await box.evaluate((own) => {
    if (!own.classList.contains("scroll")) return [];
    own.scrollTo(own.scrollWidth, own.scrollHeight);
    const at = (cell) => cell.getBoundingClientRect();
    const [outer, head] = [at(own), at(own.querySelector("thead th"))];
    const last = own.querySelector("tbody .last");
    const faults = [];
    if (Math.abs(head.top - outer.top) > 2) faults.push("its head is out of sight when it is scrolled down");
    if (last && at(last).right < outer.left + 10) faults.push("its keys are out of sight when it is scrolled to the right");
    own.scrollTo(0, 0);
    return faults;
  });
  moved.forEach(say);
}

/** The text of each row, whether it is shown, and its cells. */
async function rowsOf(box) {
  return box.locator("tbody").evaluate((body) =>
    [...body.rows].map((row) => ({
      text: [...row.cells].map((cell) => cell.textContent).join(" "),
      isShown: row.getClientRects().length > 0,
      cells: [...row.cells].map((cell) => ({ value: cell.dataset.value, text: cell.textContent.trim() })),
    })));
}

/** Numbers are in the order of all their digits, and what has none is last. */
function isSorted(rows, column, direction) {
  const cells = rows.map((row) => row.cells[column]);
  const numbers = cells.filter((cell) => cell.value !== undefined).map((cell) => Number(cell.value.replace("inf", "Infinity")));
  const isLast = cells.slice(numbers.length).every((cell) => cell.value === undefined);
  const sign = direction === "ascending" ? 1 : -1;
  return isLast && numbers.every((number, place) => place === 0 || sign * (number - numbers[place - 1]) >= 0 || number === numbers[place - 1]);
}
