/** What the shop sells, to whom, and where it ships: shared by the shop's seed data and its traffic. */

export const PRODUCTS = [
  { id: 'kettle', priceCents: 4_990 },
  { id: 'teapot', priceCents: 3_450 },
  { id: 'cup', priceCents: 890 },
  { id: 'saucer', priceCents: 590 },
  { id: 'tray', priceCents: 2_200 },
  { id: 'samovar', priceCents: 64_900 },
] as const;

export const COUNTRIES = ['DE', 'AT', 'CH', 'FR', 'NL', 'PL', 'SE', 'PT'] as const;

export const CUSTOMERS: readonly string[] = Array.from(
  { length: 200 },
  (_, index) => `customer-${index + 1}`,
);
