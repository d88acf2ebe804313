export const AlertsPage = (_: { readonly id: string }) => <div />;
