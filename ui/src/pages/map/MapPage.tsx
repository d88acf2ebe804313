export const MapPage = (_: { readonly id: string }) => <div />;
