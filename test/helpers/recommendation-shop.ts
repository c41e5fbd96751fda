const CATEGORIES = ['Skis', 'Boots', 'Snowboards'];

/**
 * A small shop with tastes: each of `customers` buys every few days for 240 days, mostly from one category, and some
 * products again and again. Made by a linear congruential generator: the same every time. The last customer buys
 * every product.
 */
export function makeTastefulShop(customers: number, products: number) {
  let state = 12345;
  const random = () => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return state / 2 ** 32;
  };
  const orders = [];
  const orderItems = [];
  for (let customer = 1; customer <= customers; customer++) {
    const taste = customer % CATEGORIES.length;
    const buysAll = customer === customers;
    for (let day = Math.floor(random() * 30); day < 240; day += 8 + Math.floor(random() * 40)) {
      const order_id = `${customer}-${day}`;
      const bought = new Set<number>();
      const count = buysAll ? products : 1 + Math.floor(random() * 3);
      for (let line = 0; line < count; line++) {
        const inTaste = random() < 0.8;
        const drawn = Math.floor(random() * products);
        bought.add(buysAll ? line : inTaste ? (drawn - (drawn % 3) + taste) % products : drawn);
      }
      const date = new Date(Date.UTC(2024, 0, 1 + day)).toISOString().slice(0, 10);
      for (const product of bought) {
        orderItems.push({
          order_item_id: `${order_id}-${product}`,
          order_id,
          product_id: 1001 + product,
          product_name: `Product ${product}`,
          product_category: CATEGORIES[product % 3],
          quantity: 1,
          unit_price: 10 + product,
          line_total: 10 + product,
        });
      }
      const total = [...bought].reduce((sum, product) => sum + 10 + product, 0);
      orders.push({ order_id, customer_id: customer, order_date: `${date} 12:00:00`, total_amount: total });
    }
  }
  const catalog = Array.from({ length: products }, (_, product) => ({
    product_id: 1001 + product,
    product_name: `Product ${product}`,
    product_category: CATEGORIES[product % 3],
    price: 10 + product,
  }));
  return { orders, orderItems, products: catalog };
}
