// Runs before the first paint, so that a remembered theme does not flash. A file, because the CSP allows no inline script.
try {
  const theme = localStorage.getItem('tailrace.theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // Storage is off: the system's preference holds.
}
