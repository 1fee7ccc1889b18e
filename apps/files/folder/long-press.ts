// A finger that stays where it is chooses; moving it (to scroll) or lifting it before does not.

const patience = 500; // ms, as phones have it

export function onLongPress(begin: PointerEvent, act: () => void): void {
  const give = new AbortController();
  const stop = (): void => {
    clearTimeout(timer);
    give.abort();
  };
  const timer = setTimeout(() => {
    give.abort();
    swallowClick();
    navigator.vibrate?.(10);
    act();
  }, patience);
  for (const name of ["pointerup", "pointercancel"] as const) addEventListener(name, stop, { signal: give.signal });
  addEventListener("pointermove", (move) => {
    if (Math.hypot(move.clientX - begin.clientX, move.clientY - begin.clientY) > 10) stop();
  }, { signal: give.signal });
}

// The click that follows when the finger is lifted.
function swallowClick(): void {
  const swallow = new AbortController();
  addEventListener("click", (click) => {
    click.preventDefault();
    swallow.abort(); // the next one is meant
  }, { capture: true, signal: swallow.signal });
  for (const name of ["pointerup", "pointercancel"] as const)
    addEventListener(name, () => setTimeout(() => swallow.abort(), 60), { once: true, signal: swallow.signal });
}
