/** The one budget that all bots of a round share, and what one rental takes of it: 25 rentals spend it to the cent. */
export const budgetDollars = 500
export const rentalDollars = 20
