/** Dropped by the fault `missing-index`. */
export const reviewsIndex = 'reviews_product';

const tables: readonly string[] = [
  `CREATE TABLE IF NOT EXISTS users (
    id INT UNSIGNED PRIMARY KEY,
    email VARCHAR(100) NOT NULL UNIQUE,
    name VARCHAR(100) NOT NULL,
    password_hash VARCHAR(100) NOT NULL,
    points BIGINT UNSIGNED NOT NULL
  )`,
  `CREATE TABLE IF NOT EXISTS products (
    id INT UNSIGNED PRIMARY KEY,
    name VARCHAR(100) NOT NULL,
    category VARCHAR(50) NOT NULL,
    price INT UNSIGNED NOT NULL,
    stock INT UNSIGNED NOT NULL,
    description TEXT NOT NULL
  )`,
  `CREATE TABLE IF NOT EXISTS reviews (
    id INT UNSIGNED PRIMARY KEY,
    product_id INT UNSIGNED NOT NULL,
    rating TINYINT UNSIGNED NOT NULL,
    text VARCHAR(200) NOT NULL,
    INDEX ${reviewsIndex} (product_id)
  )`,
  `CREATE TABLE IF NOT EXISTS cart_items (
    user_id INT UNSIGNED NOT NULL,
    product_id INT UNSIGNED NOT NULL,
    quantity INT UNSIGNED NOT NULL,
    PRIMARY KEY (user_id, product_id)
  )`,
  `CREATE TABLE IF NOT EXISTS orders (
    id CHAR(36) PRIMARY KEY,
    user_id INT UNSIGNED NOT NULL,
    idempotency_key VARCHAR(64) COLLATE utf8mb4_bin NOT NULL,
    total_amount BIGINT UNSIGNED NOT NULL,
    status VARCHAR(20) NOT NULL,
    created_at TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
    UNIQUE INDEX orders_key (user_id, idempotency_key),
    INDEX orders_user (user_id, created_at)
  )`,
  `CREATE TABLE IF NOT EXISTS order_items (
    order_id CHAR(36) NOT NULL,
    product_id INT UNSIGNED NOT NULL,
    quantity INT UNSIGNED NOT NULL,
    PRIMARY KEY (order_id, product_id),
    INDEX order_items_product (product_id, quantity)
  )`,
  `CREATE TABLE IF NOT EXISTS outbox (
    id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY,
    topic VARCHAR(100) NOT NULL,
    message_key VARCHAR(100) NOT NULL,
    payload TEXT NOT NULL,
    trace VARCHAR(200) NOT NULL
  )`,
  `CREATE TABLE IF NOT EXISTS notifications (
    order_id CHAR(36) PRIMARY KEY,
    user_id INT UNSIGNED NOT NULL,
    text VARCHAR(200) NOT NULL,
    created_at TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3)
  )`,
  `CREATE TABLE IF NOT EXISTS coupons (
    id INT UNSIGNED PRIMARY KEY,
    name VARCHAR(100) NOT NULL,
    quantity INT UNSIGNED NOT NULL,
    issued INT UNSIGNED NOT NULL DEFAULT 0
  )`,
  `CREATE TABLE IF NOT EXISTS coupon_users (
    coupon_id INT UNSIGNED NOT NULL,
    user_id INT UNSIGNED NOT NULL,
    issued_at TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
    PRIMARY KEY (coupon_id, user_id)
  )`,
  `CREATE TABLE IF NOT EXISTS posts (
    id INT UNSIGNED PRIMARY KEY,
    title VARCHAR(200) NOT NULL,
    author VARCHAR(100) NOT NULL,
    body TEXT NOT NULL,
    created_at TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3)
  )`,
  `CREATE TABLE IF NOT EXISTS seed (
    id TINYINT UNSIGNED PRIMARY KEY,
    finished_at TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3)
  )`,
];

/** The tables of the shop, in statements that MySQL 8 and MariaDB know and that change nothing the second time. */
export const schema: readonly string[] = tables.map((table) => `${table} CHARACTER SET utf8mb4`);
