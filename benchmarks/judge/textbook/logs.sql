CREATE TABLE page_views (
    session_id VARCHAR,
    user_id INTEGER,
    url VARCHAR,
    viewed_at TIMESTAMP,
    app_version VARCHAR,
    ms INTEGER
);
CREATE TABLE errors (
    session_id VARCHAR,
    code INTEGER,
    seen TIMESTAMP
);
CREATE TABLE deploys (
    version VARCHAR,
    deployed_at TIMESTAMP
);
