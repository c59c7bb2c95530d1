CREATE TABLE customers (
    customer_id INTEGER PRIMARY KEY,
    country VARCHAR,
    joined TIMESTAMP NOT NULL,
    is_test BOOLEAN
);
CREATE TABLE products (
    sku VARCHAR PRIMARY KEY,
    category VARCHAR,
    price DOUBLE
);
CREATE TABLE orders (
    order_id BIGINT PRIMARY KEY,
    customer_id INTEGER NOT NULL REFERENCES customers (customer_id),
    ordered_at TIMESTAMP NOT NULL,
    status VARCHAR NOT NULL CHECK (status IN ('paid','pending','cancelled','refunded')),
    coupon VARCHAR
);
CREATE TABLE items (
    order_id BIGINT REFERENCES orders (order_id),
    line INTEGER,
    sku VARCHAR REFERENCES products (sku),
    quantity INTEGER CHECK (quantity >= 1),
    unit_price DOUBLE,
    PRIMARY KEY (order_id, line)
);
